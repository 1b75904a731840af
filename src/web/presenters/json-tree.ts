import { isJson, jsonEntries } from '../../json.ts'
import { presentProse } from './prose.ts'

/** A value in a folding tree. */
export type TreeNode = {
  kind: 'object' | 'list' | 'string' | 'number' | 'word'
  /** The name in an object, or the index in a list; undefined at the top. */
  name: string | undefined
  /** What is shown of a text, number or word. */
  text: string
  /** How much of a text is not shown. */
  hiddenCharacters: number
  /** HTML of a text that is Markdown, made safe. */
  prose: string | undefined
  children: TreeNode[]
  /** Where the tree was cut: the JSON pointer of this value, and how many of its members come before the cut. */
  cut: { at: string; from: number } | undefined
  /** What the agent said of it. */
  reasons?: string[]
}

/** What one answer shows at most. */
type Budget = { nodes: number; characters: number; looked: number }

const mostNodes = 200
const mostCharacters = 64 * 1024
/** Characters that are looked through for it: each level goes through those below once more. */
const mostLooked = 24 * 1024 * 1024
/** Reports that language models write have several pages. */
const longestText = 32 * 1024
const deepest = 40

/**
 * The tree of a JSON text, or undefined when it is not JSON. Of large ones only the first 200 values and 64 KiB; where
 * something is left out, `cut` says how to ask for it: by the JSON pointer `at` of a value, and how many of its members
 * are to be passed over.
 */
export function presentTree(text: string, at = '', from = 0, isReadable = isJson(text)): TreeNode | undefined {
  if (!isReadable) return undefined
  return nodeOf(
    undefined,
    text.trim(),
    at,
    { nodes: mostNodes, characters: mostCharacters, looked: mostLooked },
    0,
    from,
  )
}

function nodeOf(name: string | undefined, text: string, at: string, budget: Budget, depth: number, from = 0): TreeNode {
  budget.nodes--
  if (text[0] === '{' || text[0] === '[') return containerOf(name, text, at, budget, depth, from)
  const shown = text.slice(0, longestText)
  budget.characters -= shown.length
  const kind = text[0] === '"' ? 'string' : /^[-\d]/.test(text) ? 'number' : 'word'
  const isWhole = shown.length === text.length
  const prose = kind === 'string' && isWhole ? presentProse(shown) : undefined
  budget.characters -= prose?.length ?? 0
  return {
    kind,
    name,
    text: kind === 'string' && isWhole ? readable(shown) : shown,
    hiddenCharacters: text.length - shown.length,
    prose,
    children: [],
    cut: undefined,
  }
}

function containerOf(
  name: string | undefined,
  text: string,
  at: string,
  budget: Budget,
  depth: number,
  from: number,
): TreeNode {
  const kind = text[0] === '{' ? 'object' : 'list'
  const node: TreeNode = { kind, name, text: '', hiddenCharacters: 0, prose: undefined, children: [], cut: undefined }
  let index = 0
  for (const [member, value] of jsonEntries(text)) {
    if (index >= from) {
      if (budget.nodes <= 0 || budget.characters <= 0 || budget.looked <= 0 || depth >= deepest) {
        node.cut = { at, from: index }
        break
      }
      budget.characters -= member.length
      budget.looked -= value.length
      node.children.push(nodeOf(member, value, `${at}/${escapePointer(member)}`, budget, depth + 1))
    }
    index++
  }
  return node
}

/** A text with real line ends reads better than one with \n in it; its quotes say where it begins and ends. */
function readable(json: string): string {
  return json.includes('\\n') ? `"${JSON.parse(json)}"` : json
}

/** A step of a JSON pointer (RFC 6901). */
export function escapePointer(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1')
}
