import { fileURLToPath } from 'node:url'

/** `src`; or `dist`, where the code is in a few files, all of them in that folder. */
const code = new URL('.', import.meta.url)

export const codeFile = (path: string) => fileURLToPath(new URL(path, code))
export const projectFile = (path: string) => fileURLToPath(new URL(`../${path}`, code))
