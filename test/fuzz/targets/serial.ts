import { pick } from '../../../electron/host/device/match.ts'
import { answerTo, consoleText, promptAtEnd, showedPrompt } from '../../../electron/host/protocol/console/text.ts'
import { parseTftp } from '../../../electron/host/protocol/tftp/packets.ts'
import { TFTP_START, type TftpState, tftpTurn } from '../../../electron/host/protocol/tftp/server.ts'
import { acknowledged, isOver, startSend, stepSend } from '../../../electron/host/protocol/ymodem/sender.ts'
import { type FuzzTarget, words } from '../target.ts'

const FILE = 5000
const REQUEST = Buffer.from('\0\u0001app.bin\0octet\0blksize\u00001428\0tsize\u00000\0timeout\u00005\0')
const [ACK, NAK, CAN] = [0x06, 0x15, 0x18]

export const SERIAL: readonly FuzzTarget[] = [
  {
    name: 'YMODEM and XMODEM receivers',
    seeds: [
      Buffer.concat([Buffer.from('CC'), Buffer.alloc(12, ACK), Buffer.from('C'), Buffer.alloc(2, ACK)]),
      Uint8Array.of(NAK, ACK, ACK, NAK, ACK, CAN, CAN, ACK, ACK),
    ],
    run(bytes) {
      for (const protocol of ['ymodem', 'xmodem', 'xmodem-1k'] as const) {
        let state = startSend(protocol, FILE)
        let acks = 0
        for (const byte of bytes) {
          if (byte === ACK) acks += 1
          state = stepSend(state, { type: 'byte', byte, early: false }).state
        }
        if (state.phase === 'done' && acks <= FILE / 1024) throw new Error('done, and nobody has it')
        for (let more = 0; more < 40 && !isOver(state); more += 1) state = stepSend(state, { type: 'silence' }).state
        if (!isOver(state) || acknowledged(state) > FILE) throw new Error('endless')
      }
    },
  },
  {
    name: 'console text',
    seeds: words(
      'U-Boot 2023.01\r\n\u001b[2K=> crc32 0x41000000 5000\r\ncrc32 for 41000000 ... 41004fff ==> 9a1f2b3c\r\n=> ',
      'pump> version\r\nversion=2.4.0\r\npump> ',
    ),
    run(bytes) {
      const text = consoleText(Buffer.from(bytes).toString('latin1'))
      const prompts = ['pump> ', '=> ']
      promptAtEnd(text, prompts)
      showedPrompt(text, '=> ')
      for (const [command, match] of [
        ['crc32 0x41000000 5000', '==> ([0-9a-f]{8})\\s*$'],
        ['version', 'version=(\\S+)'],
      ] as const) {
        const answer = answerTo(command, text, prompts[0] ?? '')
        if (answer !== null) pick(answer, match, { command })
      }
    },
  },
  {
    name: 'TFTP packets',
    seeds: [REQUEST, Uint8Array.of(0, 4, 0, 1), Buffer.from('\0\u0005\0\u0001no such file\0')],
    run(bytes) {
      let state: TftpState = TFTP_START
      for (const packet of [REQUEST, bytes, Uint8Array.of(0, 4, 0, 1), bytes]) {
        state = tftpTurn(state, { name: 'app.bin', length: FILE }, { kind: 'packet', port: 1, bytes: packet }).state
      }
      parseTftp(bytes)
    },
  },
]
