import type { FileUpload } from './chat-contract.ts';
import type { Texts } from './texts.ts';

/** Which files customers may send. */
export interface FileLimits {
  /** Media types and the endings that go with each; a file must have both. */
  readonly types: Readonly<Record<string, readonly string[]>>;
  readonly maxBytes: number;
  /** In one message. */
  readonly maxFiles: number;
}

/** What people answer about, and nothing that runs. */
export const usualFiles: FileLimits = {
  types: {
    'image/jpeg': ['jpg', 'jpeg'],
    'image/png': ['png'],
    'image/gif': ['gif'],
    'image/webp': ['webp'],
    'application/pdf': ['pdf'],
    'text/plain': ['txt'],
  },
  maxBytes: 10_000_000,
  maxFiles: 5,
};

/** What separates folders, cannot be seen, or turns the direction of writing, so that a name looks like another. */
const NOT_IN_NAME = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}/\\:*?"<>|]/u;
const LONGEST_NAME = 200;

function faultOf({ name, type, size }: File, limits: FileLimits, texts: Texts): string | undefined {
  if (name.length > LONGEST_NAME || NOT_IN_NAME.test(name) || name.startsWith('.')) return texts.fileName;
  const endings = Object.hasOwn(limits.types, type) ? limits.types[type] : undefined;
  const ending = /\.([^.]+)$/.exec(name)?.[1]?.toLowerCase();
  if (!endings || ending === undefined || !endings.includes(ending)) return texts.fileType;
  if (size === 0) return texts.fileEmpty;
  return size > limits.maxBytes ? texts.fileTooLarge : undefined;
}

/** What is wrong with files that a customer wants to send, by their ids. Sound ones are not in it. */
export function fileFaults(
  uploads: readonly FileUpload[],
  limits: FileLimits | false,
  texts: Texts,
): ReadonlyMap<string, string> {
  const faults = uploads.map(({ id, file }, at): readonly [string, string | undefined] => {
    if (limits === false) return [id, texts.fileType];
    return [id, at >= limits.maxFiles ? texts.tooManyFiles : faultOf(file, limits, texts)];
  });
  return new Map(faults.filter((fault): fault is readonly [string, string] => fault[1] !== undefined));
}

/** For the `accept` of a file input. */
export const acceptOf = ({ types }: FileLimits): string => Object.keys(types).join(',');
