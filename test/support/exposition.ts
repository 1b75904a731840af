type Sample = { name: string; labels: Record<string, string>; value: number }
export type Exposition = {
  families: { name: string; type: string; help: string }[]
  samples: Sample[]
  /** Of the only sample with these labels. */
  value(name: string, labels?: Record<string, string>): number | undefined
}

const prefix = 'configurable_agents_'
const nameOf = '[a-zA-Z_:][a-zA-Z0-9_:]*'
const label = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(,|$)/y
const line = new RegExp(`^(${nameOf})(?:\\{(.+)\\})? (-?[\\d.]+(?:e[+-]?\\d+)?|[+-]Inf|NaN)$`, 's')

/** Reads version 0.0.4 of the text format strictly: throws at whatever the format does not allow. */
export function readExposition(text: string): Exposition {
  if (!text.endsWith('\n')) throw new Error('The last line has no end')
  const families = new Map<string, { name: string; type: string; help: string }>()
  const samples: Sample[] = []
  const seen = new Set<string>()
  let help: [string, string] | undefined
  let current: { name: string; type: string; help: string } | undefined
  for (const one of text.split('\n').filter((text) => text !== '')) {
    const [, kind, name, rest] = new RegExp(`^# (HELP|TYPE) (${nameOf}) (.+)$`, 's').exec(one) ?? []
    if (kind === 'HELP') help = [name!, rest!]
    else if (kind === 'TYPE') {
      if (families.has(name!) || help?.[0] !== name) throw new Error(`Out of order: ${one}`)
      current = { name: name!, type: rest!, help: help![1] }
      families.set(name!, current)
    } else {
      const sample = readSample(one)
      const key = JSON.stringify([sample.name, Object.entries(sample.labels).sort()])
      if (seen.has(key)) throw new Error(`Twice: ${one}`)
      seen.add(key)
      if (!current || !belongs(sample.name, current)) throw new Error(`Not of its family: ${one}`)
      samples.push(sample)
    }
  }
  const isAlike = (labels: Record<string, string>, wanted: Record<string, string>) =>
    Object.keys({ ...labels, ...wanted }).every((name) => labels[name] === wanted[name])
  return {
    families: [...families.values()],
    samples,
    value: (name, labels = {}) =>
      samples.find((sample) => sample.name === prefix + name && isAlike(sample.labels, labels))?.value,
  }
}

function readSample(text: string): Sample {
  const [, name, labels = '', value] = line.exec(text) ?? []
  if (name === undefined) throw new Error(`Not a sample: ${text}`)
  return { name, labels: readLabels(labels), value: Number(value!.replace('Inf', 'Infinity')) }
}

function readLabels(text: string): Record<string, string> {
  const labels: Record<string, string> = {}
  let at = 0
  while (at < text.length) {
    label.lastIndex = at
    const found = label.exec(text)
    if (!found || found[1]! in labels) throw new Error(`Not labels: ${text}`)
    labels[found[1]!] = found[2]!.replace(/\\(.)/g, (_, escaped) => (escaped === 'n' ? '\n' : escaped))
    at = label.lastIndex
  }
  return labels
}

function belongs(name: string, family: { name: string; type: string }): boolean {
  const parts = family.type === 'histogram' ? ['_bucket', '_sum', '_count'] : ['']
  return parts.some((part) => name === family.name + part)
}
