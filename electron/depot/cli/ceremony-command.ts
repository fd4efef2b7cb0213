import { join } from 'node:path'
import { Command } from 'commander'
import { AppError } from '../../../shared/errors.ts'
import { explain, requestCode } from '../ceremony/explain.ts'
import { requestText } from '../ceremony/pending.ts'
import { type Progress, readSigningRequest, type SigningRequest } from '../ceremony/request.ts'
import { signRequest } from '../ceremony/sign-request.ts'
import { writeFileDurably } from '../files.ts'
import { CommandContext } from './context.ts'
import type { DepotIo } from './io.ts'

/** Signing where the keys are: the request goes there on a stick, and comes back with signatures. */
export function ceremonyCommand(io: DepotIo): Command {
  const ceremony = new Command('ceremony').description('sign with keys that are kept on another machine')
  ceremony.addCommand(exportCommand(io))
  ceremony.addCommand(showCommand(io))
  ceremony.addCommand(signCommand(io))
  ceremony.addCommand(importCommand(io))
  return ceremony
}

function exportCommand(io: DepotIo): Command {
  return new Command('export')
    .description('write down what must be signed elsewhere before the next publication')
    .argument('<file>', 'where to; it holds no secret')
    .action(async (file: string, _options: unknown, command: Command) => {
      const context = new CommandContext(command, io)
      const request = await (await context.open()).requestSignatures()
      await writeFileDurably(file, requestText(request))
      context.print({ file, code: requestCode(request) }, [
        ...explain(request),
        '',
        `Written to ${file}. Its code: ${requestCode(request)}`,
      ])
    })
}

function showCommand(io: DepotIo): Command {
  return new Command('show')
    .description('what a request would change, worked out anew from what it holds')
    .argument('<file>')
    .option('--documents <dir>', 'also write the documents that it names into a folder, to be read')
    .action(async (file: string, { documents }: { documents?: string }, command: Command) => {
      const context = new CommandContext(command, io)
      const request = await readRequest(file, io)
      for (const [path, text] of documents === undefined ? [] : Object.entries(request.documents)) {
        await writeFileDurably(join(documents ?? '', plainName(path)), text)
      }
      context.print({ code: requestCode(request), lines: explain(request) }, [
        ...explain(request),
        ...Object.keys(request.documents).map((path) => `document: ${path}`),
        '',
        `Code of what you have just seen: ${requestCode(request)}`,
      ])
    })
}

function signCommand(io: DepotIo): Command {
  return new Command('sign')
    .description('sign with the keys of a folder; needs no depot and no network')
    .argument('<file>')
    .requiredOption('--keys <dir>', 'folder with the key files')
    .requiredOption('--code <code>', 'the code that "ceremony show" printed: that is what you sign')
    .option('--out <file>', 'where to; otherwise into the same file')
    .action(async (file: string, options: { keys: string; code: string; out?: string }, command: Command) => {
      const context = new CommandContext(command, io)
      const request = await readRequest(file, io)
      if (options.code !== requestCode(request)) {
        throw new AppError('depot.ceremony-other', { detail: { role: requestCode(request) } })
      }
      const { request: signed, added } = await signRequest(request, await context.keysIn(options.keys))
      const out = options.out ?? file
      await writeFileDurably(out, requestText(signed))
      context.print({ file: out, added }, [`${added} signatures added. Written to ${out}.`])
    })
}

function importCommand(io: DepotIo): Command {
  return new Command('import')
    .description('take the signatures that came back')
    .argument('<files...>')
    .action(async (files: string[], _options: unknown, command: Command) => {
      const context = new CommandContext(command, io)
      const depot = await context.open()
      let progress: readonly Progress[] = []
      for (const file of files) progress = await depot.takeSignatures(await readRequest(file, io))
      const complete = progress.every((each) => each.complete)
      context.print({ complete, files: progress }, [
        ...progress.map(progressLine),
        complete ? 'All is signed. Publish to put it in force.' : 'Signatures are still missing.',
      ])
    })
}

function progressLine({ name, version, signed, open, complete }: Progress): string {
  const counts = signed.map(({ have, need }) => `${have} of ${need}`).join(' and ')
  return `${name} ${version}: ${counts}${complete ? '' : `, not yet by ${open.join(', ')}`}`
}

async function readRequest(file: string, io: DepotIo): Promise<SigningRequest> {
  return readSigningRequest(await io.readFile(file), file)
}

/** A target path as one file name: a request from elsewhere must not choose where on this disk something is written. */
function plainName(path: string): string {
  return path.replaceAll(/[^A-Za-z0-9._-]/g, '_').replace(/^\.+/, '_')
}
