export type Instruction = { name: string; value: string }

/** A Dockerfile without comments, each stage from its FROM on. */
export function stagesOf(text: string): Instruction[][] {
  const lines = text
    .replace(/^#.*\n/gm, '')
    .replace(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line.trim() !== '')
  const stages: Instruction[][] = []
  for (const line of lines) {
    const [, name, value] = /^([A-Z]+)\s+(.*)$/.exec(line)!
    if (name === 'FROM') stages.push([])
    stages.at(-1)!.push({ name: name!, value: value! })
  }
  return stages
}

/** The values of a unit of systemd by their keys, as `[Service] ExecStart`. */
export function unitValues(text: string): Map<string, string[]> {
  const found = new Map<string, string[]>()
  let section = ''
  for (const line of text.split('\n')) {
    if (line.startsWith('[')) section = line
    const [, key, value] = /^(\w+)=(.*)$/.exec(line) ?? []
    if (key === undefined) continue
    const name = `${section} ${key}`
    found.set(name, [...(found.get(name) ?? []), value!])
  }
  return found
}
