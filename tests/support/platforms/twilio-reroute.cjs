/** Loaded into Twilio's own deploy tool: sends what is meant for twilio.com to the server at FAKE_TWILIO_PORT. */
const http = require('node:http');
const https = require('node:https');

const real = https.request;
https.request = function request(...args) {
  const url = typeof args[0] === 'string' || args[0] instanceof URL ? new URL(args.shift()) : undefined;
  const options = typeof args[0] === 'object' ? args.shift() : {};
  const host = url?.hostname ?? options.hostname ?? options.host ?? '';
  if (!/\.twilio\.com$/.test(host)) return real.call(https, ...(url ? [url] : []), options, ...args);
  const path = url ? url.pathname + url.search : options.path;
  const headers = { ...options.headers, 'x-intended-host': host };
  const { method } = options;
  const local = { host: '127.0.0.1', port: process.env.FAKE_TWILIO_PORT, path, method, headers };
  return http.request(local, ...args);
};
