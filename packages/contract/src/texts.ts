/** Texts that people write: names, sources, ids of other systems. */

/** Control characters and halves of surrogate pairs: no store keeps them as they are, and no name has them. */
const unkeepable = /[\p{Cc}\p{Cs}]/u;

/** Whether the text has 1 to so many characters (UTF-16 code units), and every store gives it back as it was. */
export function isPlainText(text: string, lengthMax: number): boolean {
  return text !== '' && text.length <= lengthMax && !unkeepable.test(text);
}

/** The longest name of a partner and of an app registration, in characters. */
export const nameLengthMax = 100;

/** Whether the text can be the name of a partner or an app registration: no blank at either end. */
export function isName(text: string): boolean {
  return isPlainText(text, nameLengthMax) && text.trim() === text;
}
