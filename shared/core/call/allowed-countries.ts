import * as v from 'valibot';
import { optional, required, settings, words } from '../settings.ts';

const countries = v.pipe(words, v.array(v.pipe(v.string(), v.regex(/^[A-Z]{2}$/))), v.readonly());

const nowhere: readonly string[] = [];

const countriesAre = {
  is: 'ISO countries that may be called, separated by spaces, first the one of numbers without a country code; +1 is split by area code',
  example: 'US',
};

/** `ALLOWED_COUNTRIES`. */
export const allowedCountries = settings({ ALLOWED_COUNTRIES: required(countries, countriesAre) });

/** The same where others than those who wish for a call are served: without it nobody is called back. */
export const callBackCountries = settings({ ALLOWED_COUNTRIES: optional(countries, nowhere, countriesAre) });
