const PRIVATE_NAME = /(^|\.)(localhost|local|internal|intranet|lan|home\.arpa)$/i;
const PRIVATE_IPV4 =
  /^(0|10|127|169\.254|172\.(1[6-9]|2\d|3[01])|192\.168|192\.0\.[02]|198\.1[89]|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])|22[4-9]|2[3-5]\d)\./;

/**
 * Whether a host, as `URL` writes it, is a loopback, private, link-local or reserved one by its letters alone. What has no
 * dot counts as private: names of a local network and all IPv6 literals.
 */
export function isPrivateHost(host: string): boolean {
  const bare = host.replace(/\.$/, '');
  if (!bare.includes('.')) return true;
  return /^[\d.]+$/.test(bare) ? PRIVATE_IPV4.test(bare) : PRIVATE_NAME.test(bare);
}
