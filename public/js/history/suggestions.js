const maxOptions = 12
const starts = [
  { text: 'in.', note: 'inputs' },
  { text: 'out.', note: 'outputs' },
  { text: 'status:', note: '' },
  { text: 'agent:', note: '' },
  { text: 'workflow:', note: '' },
  { text: 'error:', note: 'words in the error' },
  { text: 'cost>', note: 'dollars' },
  { text: 'tokens>', note: '' },
  { text: 'duration>', note: '5m, 90s' },
  { text: 'started>', note: '2026-11-01' },
  { text: 'id:', note: 'beginning of a run ID' },
].map((one) => ({ ...one, completed: one.text }))

/** `fields` are those of the runs, `own` the values of status and agent. Each option has the range it replaces. */
export function suggestionsFor(text, caret, fields, own, isAsked) {
  const { start, end, word } = wordAt(text, caret)
  const none = { start, end, options: [] }
  if (word === undefined || (word === '' && !isAsked)) return none
  const [, name, sign, value] = /^(.*?)(:=|=|:)(.*)$/.exec(word) ?? []
  const options = name === undefined ? namesFor(word, fields) : valuesFor(name, sign, value, fields, own)
  return { start, end, options: options.filter(({ completed }) => completed !== word).slice(0, maxOptions) }
}

function wordAt(text, caret) {
  const before = text.slice(0, caret)
  const typed = /\S*$/.exec(before)[0].replace(/^-/, '')
  const start = caret - typed.length
  const end = caret + /^\S*/.exec(text.slice(caret))[0].length
  const isQuoted = (before.slice(0, start).split('"').length - 1) % 2 === 1
  return { start, end, word: isQuoted ? undefined : typed }
}

function namesFor(word, fields) {
  const wanted = word.toLowerCase()
  const named = fields.map(({ name, kind }) => ({
    text: name,
    completed: kind === 'number' ? name : `${name}:`,
    note: kind === 'any' ? '' : kind,
  }))
  const isBegun = ({ text }) => text.toLowerCase().startsWith(wanted)
  const hasPart = ({ text }) => wanted.length > 1 && text.toLowerCase().includes(wanted, 3)
  const begun = [...starts, ...named].filter(isBegun)
  return [...begun, ...named.filter((one) => !isBegun(one) && hasPart(one))]
}

function valuesFor(name, sign, value, fields, own) {
  const values = own[name] ?? fields.find((field) => field.name === name)?.values ?? []
  const wanted = value.replace(/^"/, '').toLowerCase()
  return values
    .filter((one) => one.toLowerCase().startsWith(wanted))
    .map((one) => ({ text: one, completed: `${name}${sign}${quoted(one)} `, note: '' }))
}

const quoted = (value) => (/^[^\s:<>="“”„]\S*$/.test(value) ? value : `"${value.replaceAll('"', '""')}"`)
