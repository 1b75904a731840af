/** A directive; a block has others inside. */
export type Directive = { name: string; values: string[]; inside: Directive[] | undefined }

const tokens = /#.*|"((?:\\.|[^"\\])*)"|'((?:\\.|[^'\\])*)'|([{};])|((?:\\.|[^\s{};"'#]|(?<=\S)#)+)/g

/** Reads the grammar of nginx's configuration. Throws where a block or a directive has no end. */
export function parseNginx(text: string): Directive[] {
  const blocks: Directive[][] = [[]]
  let words: string[] = []
  const close = (inside: Directive[] | undefined) => {
    const [name, ...values] = words
    if (name === undefined) throw new Error('A directive has no name')
    blocks.at(-1)!.push({ name, values, inside })
    words = []
  }
  for (const [token, double, single, sign, word] of text.matchAll(tokens)) {
    if (token.startsWith('#')) continue
    if (sign === ';') close(undefined)
    else if (sign === '{') {
      const inside: Directive[] = []
      close(inside)
      blocks.push(inside)
    } else if (sign === '}') {
      if (words.length > 0) throw new Error(`"${words.join(' ')}" has no ; at its end`)
      if (blocks.length === 1) throw new Error('There is a } too many')
      blocks.pop()
    } else words.push(double ?? single ?? word!)
  }
  if (words.length > 0 || blocks.length > 1) throw new Error('The end is missing')
  return blocks[0]!
}

/** The values of all directives of a name. */
export const valuesOf = (block: Directive[], name: string): string[][] =>
  block.filter((one) => one.name === name).map(({ values }) => values)

export const blocksOf = (block: Directive[], name: string): Directive[] => block.filter((one) => one.name === name)
