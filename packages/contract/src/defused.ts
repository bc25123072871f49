/** What a spreadsheet takes for a formula, also where the characters are full-width. Source: "CSV Injection" of the OWASP. */
const formula = /(^|[;\t\r\n])(\s*)([=+\-@＝＋－＠])/g;
const leadingControl = /^[\t\r\n]/;

/**
 * A text as a cell of CSV that no spreadsheet runs: with an apostrophe before whatever would begin a formula in it, also behind blanks,
 * and behind a semicolon, a tab or a line's end, which some take for the end of a cell.
 */
export function defused(text: string): string {
  const harmless = text.replaceAll(formula, "$1$2'$3");
  return leadingControl.test(harmless) ? `'${harmless}` : harmless;
}
