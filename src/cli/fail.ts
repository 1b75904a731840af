/** Ends the command: with one sentence for what people can mend, else with the stack. */
export function fail(error: unknown, isExpected: boolean): never {
  console.error(isExpected ? (error as Error).message : error)
  process.exit(1)
}
