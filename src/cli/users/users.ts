import { Command, Option } from 'commander'
import type { ShownUser } from '../../orchestrator/access/users.ts'
import { actorRoles } from '../../shared/role.ts'
import { dashboardCommand } from '../dashboard/command.ts'
import { optionFor } from '../options.ts'
import { printLines } from '../terminal/print.ts'
import { safeLine } from '../terminal/safe-text.ts'
import { type Column, tableLines } from '../terminal/table.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { withUsers } from './database.ts'
import { readNewPassword } from './password.ts'

type Options = { db?: string; role?: string; agents?: string[]; passwordStdin?: boolean }

const columns: Column<ShownUser>[] = [
  { title: 'NAME', value: ({ name }) => name },
  { title: 'ROLE', value: ({ role }) => role },
  { title: 'AGENTS', value: ({ agents }) => agents?.join(', ') ?? 'all', minWidth: 10 },
  { title: 'LOGS IN BY', value: ({ source }) => source, leftOutAs: 1 },
]

export function usersCommand(terminal: Terminal): Command {
  const commands = [listCommand, addCommand, resetCommand, roleCommand, agentsCommand, removeCommand]
  return commands.reduce(
    (users, command) => users.addCommand(command(terminal)),
    new Command('users').description('list, add, change and remove the people who may use a dashboard'),
  )
}

const say = (terminal: Terminal, line: string) => printLines(terminal.out, [line])
const command = (name: string, description: string, examples: string[]) =>
  dashboardCommand(name, description, examples).addOption(optionFor('db'))
const listOf = (text: string) => text.split(',')
const fromStdin = () => new Option('--password-stdin', 'read the password from standard input')

function listCommand(terminal: Terminal): Command {
  return command('list', 'list the users', ['users list', 'users list --db /data/workflows.db']).action(
    (options: Options) =>
      withUsers(options, async (users) => {
        const all = await users.all()
        if (all.length === 0)
          return say(terminal, 'There are no users: whoever reaches the dashboard on this machine may use it.')
        printLines(terminal.out, tableLines(terminal.out, columns, all))
      }),
  )
}

function addCommand(terminal: Terminal): Command {
  return command('add', 'add a user who logs in with a password', [
    'users add ann --role admin',
    'users add bob --role operator --agents writer,scraper',
    'pwgen 20 1 | configurable-agents users add ci --role operator --password-stdin',
  ])
    .argument('<name>', 'what the user types to log in')
    .addOption(new Option('--role <role>', 'what the user may do').choices(actorRoles).makeOptionMandatory())
    .addOption(new Option('--agents <ids>', 'the agents that the user may see; all without it').argParser(listOf))
    .addOption(fromStdin())
    .action(async (name: string, options: Options) => {
      const password = await readNewPassword(terminal, options)
      const user = { name, password, role: options.role!, agents: options.agents ?? null }
      await withUsers(options, async (users, by) => {
        const added = await users.add(user, by)
        say(terminal, `Added ${safeLine(added.name)} (${added.role}).`)
      })
    })
}

function resetCommand(terminal: Terminal): Command {
  return command('reset', 'give a user a new password, and end their sessions', ['users reset ann'])
    .argument('<name>', 'whose password it is')
    .addOption(fromStdin())
    .action(async (name: string, options: Options) => {
      const password = await readNewPassword(terminal, options)
      await withUsers(options, async (users, by) => {
        const user = await users.named(name)
        await users.setPassword(user.id, password, by)
        say(terminal, `${safeLine(user.name)} has a new password. Sessions with the old one have ended.`)
      })
    })
}

function roleCommand(terminal: Terminal): Command {
  return command('role', 'change what a user may do', ['users role ann operator'])
    .argument('<name>', 'who it is')
    .argument('<role>', actorRoles.join(', '))
    .action((name: string, role: string, options: Options) =>
      withUsers(options, async (users, by) => {
        const { id } = await users.named(name)
        const changed = await users.change(id, { role }, by)
        say(terminal, `${safeLine(changed.name)} has the role ${changed.role} now.`)
      }),
    )
}

function agentsCommand(terminal: Terminal): Command {
  return command('agents', 'change which agents a user may see', [
    'users agents ann writer,scraper',
    'users agents ann all',
  ])
    .argument('<name>', 'who it is')
    .argument('<ids>', 'IDs with commas between them, or "all"')
    .action((name: string, ids: string, options: Options) =>
      withUsers(options, async (users, by) => {
        const { id } = await users.named(name)
        const changed = await users.change(id, { agents: ids === 'all' ? null : listOf(ids) }, by)
        say(terminal, `${safeLine(changed.name)} sees ${safeLine(changed.agents?.join(', ') ?? 'all agents')} now.`)
      }),
    )
}

function removeCommand(terminal: Terminal): Command {
  return command('remove', 'remove a user, and end their sessions', ['users remove ann'])
    .argument('<name>', 'who it is')
    .action((name: string, options: Options) =>
      withUsers(options, async (users, by) => {
        const user = await users.named(name)
        await users.remove(user.id, by)
        say(terminal, `Removed ${safeLine(user.name)}.`)
      }),
    )
}
