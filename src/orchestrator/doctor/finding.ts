import type { Certificate } from '../../agent/http/trust.ts'

export const checks = ['address', 'name', 'port', 'http', 'health', 'schema', 'run', 'self'] as const

export type Check = (typeof checks)[number]

/** `message` and `next`, the next step, are sentences. */
export type Finding = {
  verdict: 'pass' | 'neutral' | 'warn' | 'fail'
  message: string
  next?: string
  suggestedUrl?: string
  /** Of the agent, refused. */
  certificate?: Certificate
  needsCredential?: true
  /** Where the check took longer than what it checks. */
  tookMs?: number
}

export const pass = (message: string): Finding => ({ verdict: 'pass', message })

export const neutral = (message: string): Finding => ({ verdict: 'neutral', message })

export const warn = (message: string, next: string, suggestedUrl?: string): Finding => ({
  verdict: 'warn',
  message,
  next,
  ...(suggestedUrl !== undefined && { suggestedUrl }),
})

export const fail = (message: string, next: string, suggestedUrl?: string): Finding => ({
  ...warn(message, next, suggestedUrl),
  verdict: 'fail',
})

/** No control or direction characters, no line breaks, and not too long. */
export function shown(words: string, max = 200): string {
  const line = words
    .slice(0, 10 * max)
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim()
  const characters = Array.from(line)
  return characters.length <= max ? line : `${characters.slice(0, max - 1).join('')}…`
}

export function sentence(reason: string): string {
  const line = shown(reason, 300)
  return `${line.charAt(0).toUpperCase()}${line.slice(1)}${/[.?!…]$/.test(line) ? '' : '.'}`
}
