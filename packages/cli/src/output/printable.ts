/** Control characters, line separators and what turns the direction of text. */
const unprintable = /[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/gu;

/**
 * Text that a customer, a file or a server wrote, safe to show on a terminal.
 *
 * An organization can be named with escape sequences that would clear the screen or forge a row: they are shown and not obeyed.
 */
export function printable(text: string): string {
  return text.replace(unprintable, (character) => `\\u{${character.codePointAt(0)?.toString(16) ?? ''}}`);
}
