export function fail(error: unknown, isExpected: boolean): never {
  console.error(isExpected ? (error as Error).message : error)
  process.exit(1)
}
