import { runCommandLine } from './cli/command-line.ts'
import { processTerminal } from './cli/terminal/process.ts'

const args = process.argv.slice(2)
if (args[0] === 'ui' || args.length === 0) (await import('./cli/npm-options.ts')).refuseOptionsKeptByNpm()
const code = await runCommandLine(args, processTerminal())
if (code !== 0) process.exitCode = code
