import { Command } from 'commander'
import type { Verb } from '../../shared/rpc/define.ts'
import { buildInput, type Given, parseJson } from './field-input.ts'
import { type Field, fieldsOf, kebab } from './fields.ts'
import { needsFingerprint, previewRoot } from './preview-root.ts'
import { readSecret } from './secrets.ts'
import { allMethods, callMethod, type Session, watchMethod } from './session.ts'

/** What `slipway NAMESPACE` does without a method. */
const DEFAULT_METHODS = new Set([
  'app.info',
  'people.list',
  'trust.state',
  'sync.state',
  'packs.state',
  'source.list',
  'site.board',
  'devices.list',
  'doctor.examine',
  'traces.list',
  'plans.list',
  'runs.list',
  'audit.state',
  'alerts.list',
  'settings.get',
  'demo.state',
])

interface TwinOptions {
  readonly [field: string]: string | string[] | boolean | undefined
  readonly input?: string
  readonly watch?: boolean
}

/** What a person most often wants where a method insists on a number. */
const DEFAULT_INPUT: Readonly<Record<string, Readonly<Record<string, unknown>>>> = { 'audit.list': { limit: 50 } }

const SUMMARIES: Readonly<Record<string, string>> = {
  app: 'the console itself',
  people: 'operators on this laptop, sign-in',
  trust: 'the repository this console trusts',
  sync: 'fetch plans and artifacts, upload the audit log',
  source: "other publishers' repositories, as places where files come from",
  packs: 'all that a trip needs, in a folder or on a stick',
  artifacts: 'what a file is, by what this console trusts',
  site: 'which devices run what they should',
  devices: 'devices here, their signals and history',
  doctor: 'what keeps a device away',
  traces: 'recordings of what went over links',
  plans: 'signed plans on board',
  runs: 'updates, running and past',
  audit: 'the audit log',
  alerts: 'what wants attention',
  settings: 'of this console',
  demo: 'the guided demo',
}

/** A command for every method of the contract: nothing that a screen can do is missing here. */
export function addTwins(program: Command, session: () => Session): void {
  const groups = new Map<string, Command>()
  for (const { namespace, name, method, verb } of allMethods()) {
    const group = groups.get(namespace) ?? program.command(namespace).summary(SUMMARIES[namespace] ?? '')
    groups.set(namespace, group)
    group.addCommand(twin(method, kebab(name), verb, session), { isDefault: DEFAULT_METHODS.has(method) })
  }
}

function twin(method: string, name: string, verb: Verb, session: () => Session): Command {
  const fields = fieldsOf(verb.input)
  const places = fields.filter((field) => isPositional(field) || isOnlyText(field, fields))
  const command = new Command(name)
  for (const field of places) command.argument(`[${field.flag}]`)
  for (const field of fields) command.option(flagOf(field), helpOf(field))
  if (fields.length > 0) command.option('--input <json>', 'all of it as JSON; @FILE reads a file, - the input')
  if (verb.verb === 'watch') {
    command
      .option('--watch', 'go on with every change, until Ctrl-C')
      .option('--once', 'only the present value (default)')
  }
  command.action(async (...args: unknown[]) => {
    const values = args.slice(0, places.length) as (string | undefined)[]
    const options = command.opts<TwinOptions>()
    const given = (field: Field): Given => {
      const option = options[camel(optionOf(field))]
      return typeof option === 'boolean' ? undefined : (option ?? values[places.indexOf(field)])
    }
    if (method === 'trust.adopt' && needsFingerprint(fields, given, options.input)) {
      await previewRoot(session(), String(given(places[0] as Field)))
      return
    }
    const input = await readInput(method, verb, fields, given, session(), options.input)
    if (verb.verb === 'call') session().print.value(method, await callMethod(session(), method, input))
    else await follow(session(), method, input, options.watch === true)
  })
  return command
}

async function readInput(
  method: string,
  verb: Verb,
  fields: readonly Field[],
  given: (field: Field) => Given,
  session: Session,
  inputOption: string | undefined,
): Promise<unknown> {
  const base = inputOption === undefined ? DEFAULT_INPUT[method] : await readBase(method, inputOption, session)
  const secrets = new Map<Field, string>()
  for (const field of fields) {
    // A second person's secret is asked for only when there is a second person.
    const wanted =
      field.required || fields.some((other) => other.path[0] === field.path[0] && given(other) !== undefined)
    if (field.kind !== 'secret' || !wanted || has(base, field.path)) continue
    secrets.set(field, await readSecret(method, field, given(field) as string | undefined, session.io, session.signal))
  }
  return buildInput(
    method,
    verb.input,
    fields,
    (field) => secrets.get(field) ?? (field.kind === 'secret' ? undefined : given(field)),
    base,
  )
}

async function readBase(method: string, option: string, { io }: Session): Promise<unknown> {
  const path = option.startsWith('@') ? option.slice(1) : option === '-' ? option : null
  const text = path === null ? option : new TextDecoder().decode(await io.read(path))
  return parseJson(method, '--input', text)
}

async function follow(session: Session, method: string, input: unknown, on: boolean): Promise<void> {
  await watchMethod(session, method, input, (value) => {
    session.print.value(method, value)
    if (on && !session.print.json) session.io.out('')
    return !on
  })
}

function isPositional(field: Field): boolean {
  return (
    field.required &&
    field.path.length === 1 &&
    field.kind !== 'secret' &&
    field.kind !== 'json' &&
    field.kind !== 'list'
  )
}

/** `slipway doctor ADDRESS`: what a method may be given, where it can be given nothing else. */
function isOnlyText({ kind, path }: Field, fields: readonly Field[]): boolean {
  return fields.length === 1 && path.length === 1 && kind === 'text'
}

/** A secret itself is no option: only where to read it. */
function optionOf({ kind, flag }: Field): string {
  return kind === 'secret' ? `${flag}-file` : flag
}

function flagOf(field: Field): string {
  if (field.kind === 'secret') return `--${optionOf(field)} <file>`
  if (field.kind === 'list') return `--${field.flag} <text...>`
  return `--${field.flag} <${field.kind === 'boolean' ? 'yes|no' : field.kind}>`
}

function helpOf({ kind, choices, required }: Field): string {
  const about = kind === 'secret' ? 'asked for unless given; - is the input' : choices.join(' | ')
  return required ? about : [about, 'optional'].filter(Boolean).join('; ')
}

/** commander's own name for an option's value. */
function camel(flag: string): string {
  return flag.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())
}

function has(base: unknown, path: readonly string[]): boolean {
  let value = base
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return false
    value = (value as Record<string, unknown>)[key]
  }
  return true
}
