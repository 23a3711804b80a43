import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js/min/es6';
import { isPhoneNumber } from './phone-number.ts';

/**
 * A number as somebody typed it, in E.164. One without a country code is read as of `home`, and as nothing where that is not
 * known. Undefined for what is no number of one phone: one with an extension is that of a switchboard.
 */
export function readPhone(text: string, home: string | undefined): string | undefined {
  const typed = text.trim().replace(/^00/, '+');
  const read = home === undefined ? {} : { defaultCountry: home as CountryCode };
  const parsed = parsePhoneNumberFromString(typed, { ...read, extract: false });
  if (!parsed?.isPossible() || parsed.ext !== undefined) return undefined;
  return isPhoneNumber(parsed.number) ? parsed.number : undefined;
}

/** A country code or nothing, an area and the rest of a number: in one gap throughout, and with the area set off. */
function spaced(before: string, area: string, rest: readonly string[]): readonly string[] {
  const digits = rest.join('');
  const begun = before === '' ? '' : `${before} `;
  const inOneGap = ['', ' ', '-', '.'].map((gap) => [...(before === '' ? [] : [before]), area, ...rest].join(gap));
  const dashed = rest.join('-');
  const afterArea = [` ${digits}`, `-${digits}`, `/${digits}`, ` ${dashed}`, `-${dashed}`].map(
    (end) => `${begun}${area}${end}`,
  );
  const inBrackets = [` ${dashed}`, dashed, ` ${rest.join(' ')}`, ` ${digits}`].map((end) => `${begun}(${area})${end}`);
  return [...inOneGap, ...afterArea, ...inBrackets];
}

/**
 * The ways in which people write a number in E.164, at most sixty, and it first: where whoever is asked compares texts, it is
 * found by one of these. Each is read as this number: without a country code only numbers of `home` are.
 */
export function writtenForms(phone: string, home: string | undefined): readonly string[] {
  const parsed = parsePhoneNumberFromString(phone);
  if (!parsed?.isPossible()) return [phone];
  const [, area = '', ...rest] = parsed.formatInternational().split(' ');
  const national = parsed.formatNational();
  const trunk = national.replace(/\D/g, '').slice(0, -parsed.nationalNumber.length);
  const code = parsed.countryCallingCode;
  const forms = [
    ...[`+${code}`, `00${code}`].flatMap((before) => spaced(before, area, rest)),
    ...(trunk === '' ? [] : ['', ' '].map((gap) => `+${code} (${trunk})${gap}${area} ${rest.join(' ')}`)),
    national,
    ...spaced('', trunk + area, rest),
    // In North America the country code is also what is dialled before an area.
    ...(code === '1' ? spaced('1', area, rest) : []),
  ];
  return [...new Set([phone, ...forms.filter((form) => readPhone(form, home) === phone)])];
}
