import { type Level, type Logger, pino } from 'pino'

/** On standard error: for people where that is a terminal, JSON lines elsewhere. */
export async function createLog(level: Level | 'silent'): Promise<Logger> {
  if (!process.stderr.isTTY) return pino({ level }, pino.destination(2))
  const { default: pretty } = await import('pino-pretty')
  return pino({ level }, pretty({ destination: 2, ignore: 'pid,hostname' }))
}
