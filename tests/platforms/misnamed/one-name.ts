import needsBytes from '../functions/needs-bytes.ts';

export default { ...needsBytes, name: 'another-name' };
