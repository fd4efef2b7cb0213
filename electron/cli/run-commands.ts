import { Argument, type Command } from 'commander'
import { createFormats } from '../../renderer/text/format.ts'
import { AppError } from '../../shared/errors.ts'
import { AnswerChoice, isFinal, type RunView } from '../../shared/model/run.ts'
import { exitCodeOfRun } from './exit-code.ts'
import { callMethod, type Session, watchMethod } from './session.ts'
import { plain } from './table.ts'
import { progressOf } from './views/runs.ts'

/** `slipway run ...`: the way a person goes through an update, on top of the plain `slipway runs ...`. */
export function addRunCommands(program: Command, session: () => Session): void {
  const run = program.command('run').summary('start an update and follow it to its end')
  run
    .command('start')
    .summary('start a plan on a device, and follow')
    .argument('<plan>')
    .argument('<device>')
    .option('--detach', 'do not follow')
    .option('--wait', 'stay while the run waits for a person')
    .action(async (plan: string, device: string, options: FollowOptions) => {
      const started = (await callMethod(session(), 'runs.start', { plan, device })) as { run: string }
      session().print.value('runs.start', started)
      if (!options.detach) await followRun(session(), started.run, options)
    })
  run
    .command('watch')
    .summary('follow a run to its end')
    .argument('<run>')
    .option('--wait', 'stay while the run waits for a person')
    .action((id: string, options: FollowOptions) => followRun(session(), id, options))
  run
    .command('answer')
    .summary('answer what the run asks now')
    .argument('<run>')
    .addArgument(new Argument('<choice>').choices(AnswerChoice.options))
    .option('--note <text>')
    .action(async (id: string, choice: AnswerChoice, options: { note?: string }) => {
      const view = await currentView(session(), id)
      if (!view.question) throw new AppError('run.not-waiting', { detail: { run: id } })
      const input = { run: id, question: view.question.id, choice, ...options }
      session().print.value('runs.answer', await callMethod(session(), 'runs.answer', input))
    })
  run
    .command('cancel')
    .summary('stop at the next safe point; the old version stays')
    .argument('<run>')
    .action(async (id: string) => {
      session().print.value('runs.cancel', await callMethod(session(), 'runs.cancel', { run: id }))
    })
}

interface FollowOptions {
  readonly detach?: boolean
  readonly wait?: boolean
}

async function currentView(session: Session, run: string): Promise<RunView> {
  let current: RunView | undefined
  await watchMethod(session, 'runs.one', { run }, (value) => {
    current = value as RunView
    return true
  })
  if (!current) throw new AppError('run.unknown', { detail: { run } })
  return current
}

async function followRun(session: Session, run: string, { wait = false }: FollowOptions): Promise<void> {
  const { print, io } = session
  let last: RunView | undefined
  const show = (view: RunView) => {
    if (print.json) return print.value('runs.one', view)
    const options = { formats: createFormats('en'), columns: io.columns }
    if (isFinal(view.phase) || (view.question && view.question.id !== last?.question?.id)) {
      io.status('')
      print.value('runs.one', view)
    } else if (view.phase !== last?.phase) {
      io.status('')
      io.out(plain(view.phase))
    } else {
      io.status(plain(progressOf(view, options)))
    }
  }
  try {
    await watchMethod(session, 'runs.one', { run }, (value) => {
      const view = value as RunView
      show(view)
      last = view
      return isFinal(view.phase) || (view.needsPerson && !wait)
    })
  } catch (error) {
    // Leaving is not stopping: nobody should pull a cable because a terminal was closed.
    print.note(`The run goes on without this command. See: slipway run watch ${run}`)
    throw error
  }
  if (last) session.exit(exitCodeOfRun(last.phase, last.needsPerson))
}
