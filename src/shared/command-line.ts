import { basename, relative } from 'node:path'
import { startedAs } from '../config.ts'

const name = 'configurable-agents'

const node = /[\\/]node_modules[\\/]/.test(process.execPath) ? ['npx', 'node'] : ['node']

/** A command of this program as a person types it here: by name where it is installed, else by file. */
export function commandLine(...words: string[]): string {
  const script = process.argv[1] ?? ''
  const isClone = basename(script) === `${name}.js`
  return quotedWords([...(isClone ? [...node, relative(process.cwd(), script)] : [name]), ...words])
}

export function commandAgain(option: string, value?: string): string {
  const [command = 'ui', ...words] = process.argv.slice(2)
  const at = words.findIndex((word) => word === option || word.startsWith(`${option}=`))
  if (at >= 0) words.splice(at, words[at] === option && value !== undefined ? 2 : 1)
  const again = [...words, option, ...(value === undefined ? [] : [value])]
  return startedAs().npmScript === 'start'
    ? quotedWords(['npm', 'start', '--', ...again])
    : commandLine(command, ...again)
}

const quotedWords = (words: string[]): string => words.map(quoted).join(' ')

const quoted = (word: string): string => (/^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)
