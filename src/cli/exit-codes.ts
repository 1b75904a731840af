/** What scripts can rely on. */
export const exitCodes = {
  done: 0,
  failed: 1,
  usage: 2,
  lostOrCancelled: 3,
  notReachable: 4,
  interrupted: 130,
} as const

/** A sentence for the person, and the code with which the command ends. */
export class CommandError extends Error {
  readonly exitCode: number

  constructor(message: string, exitCode: number = exitCodes.failed) {
    super(message)
    this.exitCode = exitCode
  }
}
