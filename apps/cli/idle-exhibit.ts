/** What a command says of an exhibit that changed no run: the campaign is undecided (exit 3). */
export function idleText(exhibit: string): string {
  return `the exhibit '${exhibit}' changed nothing: each run that was compared has the hash of the honest node's`;
}
