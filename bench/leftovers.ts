/** What a measurement leaves where it fails or is interrupted: processes and folders, which are removed with the process that made them. */

const undone = new Set<() => void>();

process.once('exit', () => {
  for (const undo of undone) undo();
});
process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));

/** Has it done at the end of this process, unless what it gives back is called before. `undo` waits for nothing. */
export function atExit(undo: () => void): () => void {
  undone.add(undo);
  return () => void undone.delete(undo);
}
