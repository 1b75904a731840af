/** Where something is in the inputs: names and indexes from the top. */
export type Place = string[]

const maxSteps = 40

/** A place as frameworks write it: a list, a JSON pointer, or `messages[4].content`. */
export function placeOf(written: unknown): Place {
  if (Array.isArray(written)) return withoutBody(written.filter(isStep).map(String))
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

/** Of `body.topic`, topic. An input may be called "body" itself. */
function withoutBody(steps: string[]): Place {
  return (steps[0] === 'body' && steps.length > 1 ? steps.slice(1) : steps).slice(0, maxSteps)
}

export type Placed = { place: Place; message: string }

/** A sentence that names its place itself, as Fastify, class-validator and Joi write it; one or several in one text. */
export function placedSentences(text: string): Placed[] {
  if (/^body[/ ]/.test(text)) return text.split(/, (?=body[/ ])/).map(fastifySentence)
  if (/^"[^"\n]{1,200}" \S/.test(text)) return text.split(/\. (?=")/).map(joiSentence)
  return [{ place: [], message: text }]
}

function fastifySentence(text: string): Placed {
  const [, pointer = '', message = text] = /^body(\/\S*)? (.+)$/s.exec(text) ?? []
  const missing = /^must have required property '(.+)'$/.exec(message)?.[1]
  const place = pointer === '' ? [] : placeOf(pointer)
  return { place: missing === undefined ? place : [...place, missing], message }
}

function joiSentence(text: string): Placed {
  const [, name, message] = /^"([^"\n]{1,200})" (.+)$/s.exec(text) ?? []
  return name === undefined || message === undefined ? { place: [], message: text } : { place: placeOf(name), message }
}

const verbs = 'must|should|has|have|is|are|can|cannot|contains|needs|does|may|length'
const classValidator = new RegExp(
  String.raw`^(each value in )?(?:nested property |property )?([\w$-]+(?:\.[\w$-]+)*) ((?:${verbs})\b.*)$`,
  's',
)

/** What NestJS makes of a failed rule: `messages.4.content must be a string`. */
export function classValidatorSentence(text: string): Placed {
  const [, each = '', name, message] = classValidator.exec(text.slice(0, 4000)) ?? []
  if (name === undefined || message === undefined) return { place: [], message: text }
  return { place: placeOf(name), message: each === '' ? message : `each value ${message}` }
}
