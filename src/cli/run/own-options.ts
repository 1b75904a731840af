import { Option } from 'commander'
import { tokenOption, urlOption } from '../dashboard/command.ts'
import { waitOptions } from '../runs/begun.ts'

export function ownOptions(): Option[] {
  return [
    new Option('--input <name=value>', 'an input by its name; repeat it for more'),
    new Option(
      '--json [inputs]',
      'with a file, - for standard input, or an object: the inputs as JSON; alone: print the JSON of the API',
    ),
    ...waitOptions(),
    urlOption(),
    tokenOption(),
  ]
}
