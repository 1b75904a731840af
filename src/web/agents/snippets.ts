import { readFileSync } from 'node:fs'
import { projectFile } from '../../folders.ts'

export type Snippet = { id: string; name: string; start: string; lines: Word[][] }
type Word = { text: string; kind: '' | 'keyword' | 'string' | 'comment' }

const keywords = /^(?:from|import|class|def|if|else|for|await|async|of|const|let|return|export|function)$/
const pieces = /(?<comment>#.*|\/\/.*)|(?<string>f?'[^']*'|`[^`]*`)|(?<word>\w+)|[^\w'`#/]+|./gu

/** The agents of the README, to be copied. */
export const snippets: Snippet[] = [
  { id: 'python', name: 'Python', start: 'python3 agent.py', lines: linesOf('agent.py') },
  { id: 'node', name: 'Node', start: 'node agent.mjs', lines: linesOf('agent.mjs') },
]

function linesOf(file: string): Word[][] {
  return readFileSync(projectFile(`views/agents/first-use/${file}`), 'utf8')
    .trimEnd()
    .split('\n')
    .map(wordsOf)
}

/** Neighbours of one kind are one word. */
function wordsOf(line: string): Word[] {
  const words: Word[] = []
  for (const { 0: text, groups } of line.matchAll(pieces)) {
    const kind = groups?.comment ? 'comment' : groups?.string ? 'string' : keywords.test(text) ? 'keyword' : ''
    const last = words.at(-1)
    if (last?.kind === kind) last.text += text
    else words.push({ text, kind })
  }
  return words
}
