import { posix } from 'node:path'

const importLine = /^import (?:(\{[\w\s,]+\}) from )?'(\.{1,2}\/[\w/-]+\.js)'$/gm
const exportedDeclaration = /^export (?=function (\w+)|const (\w+))/gm
const exportedNames = /^export \{ ([\w, ]+) \}$/gm

/** Joins a module and its imports into one. Throws on forms of import or export that public/js does not use, and on
 * cycles. */
export function joinModules(entry: string, read: (name: string) => string): string {
  const functions: string[] = []
  const variables = new Map<string, string | undefined>()

  function add(name: string): string {
    if (variables.has(name)) return variables.get(name) ?? fail(name, 'imports itself by way of another module')
    variables.set(name, undefined)
    const exported: string[] = []
    const body = read(name)
      .replace(importLine, (_, names, from) => {
        const variable = add(posix.join(posix.dirname(name), from))
        return names ? `const ${names} = ${variable}` : ''
      })
      .replace(exportedDeclaration, (_, ofFunction, ofConstant) => {
        exported.push(ofFunction ?? ofConstant)
        return ''
      })
      .replace(exportedNames, (_, names) => {
        exported.push(names)
        return ''
      })
    if (/^(import|export)\b/m.test(body)) fail(name, 'imports or exports in a way that cannot be joined')
    const variable = `$${name.replace(/\.js$/, '').replaceAll(/[-/]/g, '_')}`
    variables.set(name, variable)
    functions.push(`// ${name}\nconst ${variable} = (() => {\n${body}\nreturn { ${exported.join(', ')} }\n})()\n`)
    return variable
  }

  add(entry)
  return functions.join('\n')
}

function fail(name: string, what: string): never {
  throw new Error(`${name} ${what}.`)
}
