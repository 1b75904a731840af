export type Path = string[]

const maxSteps = 40

export function pathOf(written: unknown): Path {
  if (Array.isArray(written))
    return withoutBody(
      written
        .map((one) => one?.key ?? one)
        .filter(isStep)
        .map(String),
    )
  if (typeof written !== 'string') return []
  if (/^#?\//.test(written)) return withoutBody(pointerSteps(written))
  const steps = [...written.slice(0, 1000).matchAll(/\["((?:[^"\\]|\\.)*)"\]|\['((?:[^'\\]|\\.)*)'\]|([^.[\]]+)/g)]
  const names = steps.map(([, double, single, plain]) => double ?? single ?? plain ?? '')
  return (names[0] === '$' || names[0] === '#' ? names.slice(1) : names).slice(0, maxSteps)
}

function isStep(step: unknown): boolean {
  return typeof step === 'string' || typeof step === 'number'
}

function pointerSteps(pointer: string): string[] {
  const steps = pointer.slice(0, 1000).replace(/^#/, '').split('/').slice(1)
  return steps.map((step) => decoded(step).replaceAll('~1', '/').replaceAll('~0', '~'))
}

function decoded(step: string): string {
  try {
    return decodeURIComponent(step)
  } catch {
    return step
  }
}

/** `body.topic` is topic. An input may be called "body" itself. */
export function withoutBody(steps: string[]): Path {
  return (steps[0] === 'body' && steps.length > 1 ? steps.slice(1) : steps).slice(0, maxSteps)
}

export type Located = { path: Path; message: string }

export function locatedSentences(text: string): Located[] {
  if (/^body[/ ]/.test(text)) return text.split(/, (?=body[/ ])/).map(fastifySentence)
  if (/^"[^"\n]{1,200}" \S/.test(text)) return text.split(/\. (?=")/).map(joiSentence)
  return [{ path: [], message: text }]
}

function fastifySentence(text: string): Located {
  const [, pointer = '', message = text] = /^body(\/\S*)? (.+)$/s.exec(text) ?? []
  const missing = /^must have required property '(.+)'$/.exec(message)?.[1]
  const path = pointer === '' ? [] : pathOf(pointer)
  return { path: missing === undefined ? path : [...path, missing], message }
}

function joiSentence(text: string): Located {
  const [, name, message] = /^"([^"\n]{1,200})" (.+)$/s.exec(text) ?? []
  return name === undefined || message === undefined ? { path: [], message: text } : { path: pathOf(name), message }
}

const verbs = 'must|should|has|have|is|are|can|cannot|contains|needs|does|may|length'
const classValidator = new RegExp(
  String.raw`^(each value in )?(?:nested property |property )?([\w$-]+(?:\.[\w$-]+)*) ((?:${verbs})\b.*)$`,
  's',
)

/** Of NestJS: `messages.4.content must be a string`. */
export function classValidatorSentence(text: string): Located {
  const [, each = '', name, message] = classValidator.exec(text.slice(0, 4000)) ?? []
  if (name === undefined || message === undefined) return { path: [], message: text }
  return { path: pathOf(name), message: each === '' ? message : `each value ${message}` }
}
