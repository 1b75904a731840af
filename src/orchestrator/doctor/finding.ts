/** What the registration doctor looks at, in this order. */
export const checks = ['address', 'name', 'port', 'http', 'health', 'schema', 'run', 'self'] as const

export type Check = (typeof checks)[number]

/** What one check found: a sentence, and where there is something to do, the next step as a sentence. */
export type Finding = {
  verdict: 'pass' | 'neutral' | 'warn' | 'fail'
  message: string
  next?: string
  /** Another URL that is worth a test. */
  suggestedUrl?: string
}

export const pass = (message: string): Finding => ({ verdict: 'pass', message })

/** Nothing that could be found out, and nothing that is wrong. */
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

/** What an agent said, as part of a line: no control or direction characters, no line breaks, and not too long. */
export function shown(said: string, most = 200): string {
  const line = said
    .slice(0, 10 * most)
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim()
  const characters = Array.from(line)
  return characters.length <= most ? line : `${characters.slice(0, most - 1).join('')}…`
}

/** A reason of a failure as a sentence by itself. */
export function sentence(reason: string): string {
  const line = shown(reason, 300)
  return `${line.charAt(0).toUpperCase()}${line.slice(1)}${/[.?!…]$/.test(line) ? '' : '.'}`
}
