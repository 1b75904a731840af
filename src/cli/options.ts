import { Option } from 'commander'
import { type SettingName, settings } from '../config.ts'

/** What was typed on the command line, not yet validated. */
export type Typed = Partial<Record<SettingName, unknown>>

/** A setting as an option of a command. */
export function optionFor(name: SettingName): Option {
  const { flag, argument, env, meaning } = settings[name]
  return new Option(argument ? `${flag} ${argument}` : flag!, `${meaning} (or ${env})`)
}
