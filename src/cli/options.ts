import { Option } from 'commander'
import { type SettingName, settings } from '../config.ts'

export type Typed = Partial<Record<SettingName, unknown>>

export function optionFor(name: SettingName): Option {
  const { flag, argument, env, meaning } = settings[name]
  return new Option(argument ? `${flag} ${argument}` : flag!, `${meaning} (or ${env})`)
}
