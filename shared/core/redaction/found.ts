/** Something that is not to be seen, by its characters, and what stands in its place. */
export interface Found {
  readonly from: number;
  readonly to: number;
  readonly shown: string;
}
