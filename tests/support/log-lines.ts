import { vi } from 'vitest';

/** Keeps the log lines of what runs in this file, instead of printing them. */
export function keepLogLines(): readonly string[] {
  const lines: string[] = [];
  vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
  return lines;
}
