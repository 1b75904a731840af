const importLine = /^@import url\("([\w/-]+\.css)"\) layer\((\w+)\);$/gm

export function joinStyles(sheet: string, read: (name: string) => string): string {
  const joined = sheet.replace(importLine, (_, name, layer) => `/* ${name} */\n@layer ${layer} {\n${read(name)}}`)
  if (joined.includes('@import')) throw new Error('A style sheet imports another in a way that cannot be joined.')
  return joined
}
