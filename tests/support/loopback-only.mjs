/**
 * No test reaches beyond this machine: connecting anywhere but loopback fails, with the address in the message. Loaded
 * into every test worker and, through NODE_OPTIONS, into every Node that a test starts.
 */
import net from 'node:net';

const LOOPBACK = /^(localhost|.*\.localhost|127(\.\d+){3}|::1|::ffff:127(\.\d+){3})$/i;

const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function connectOnLoopback(...args) {
  // Node's own callers pass the arguments already put in order, as one array.
  const [first, second] = Array.isArray(args[0]) ? args[0] : args;
  const options = typeof first === 'object' ? first : { port: first, host: typeof second === 'string' ? second : '' };
  if (options.path || !options.host || LOOPBACK.test(options.host)) return connect.apply(this, args);
  // Fails like a name that does not resolve, so that every client sees an error at the time it expects one.
  const lookup = (_name, _options, done) =>
    done(new Error(`A test tried to reach ${options.host}; tests stay on loopback`));
  return connect.call(this, { ...options, host: 'beyond.loopback', lookup });
};
