/** A set of sequences that takes one bit for each of those near another: a million lines' ids fit in a few hundred kilobytes. */

const bitsOfPage = 1 << 16;

export class SequenceSet {
  readonly #pages = new Map<number, Uint8Array>();

  /** Whether the sequence was not in the set before. */
  add(sequence: number): boolean {
    const { page, index, bit } = this.#place(sequence);
    const byte = page[index] ?? 0;
    page[index] = byte | bit;
    return (byte & bit) === 0;
  }

  has(sequence: number): boolean {
    const { page, index, bit } = this.#place(sequence);
    return ((page[index] ?? 0) & bit) !== 0;
  }

  #place(sequence: number): { page: Uint8Array; index: number; bit: number } {
    const number = Math.floor(sequence / bitsOfPage);
    const offset = sequence % bitsOfPage;
    let page = this.#pages.get(number);
    if (page === undefined) {
      page = new Uint8Array(bitsOfPage / 8);
      this.#pages.set(number, page);
    }
    return { page, index: offset >> 3, bit: 1 << (offset & 7) };
  }
}
