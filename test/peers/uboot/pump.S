// Bilge pump controller: the application of the device behind U-Boot in QEMU's `virt` machine. Started by
// `bootm` as a standalone image; talks at the PL011 and answers a line at a time. Position independent. Its serial
// number is the environment that U-Boot exported to SERIAL before (`serial=...`).
        .equ UART, 0x09000000
        .equ SERIAL, 0x47fff000
        .equ HATCH, 0x47ffe000             // the hatch's switch: the boot loader reads it there
        .global _start
_start: b main
        .balign 16
version: .space 32                 // offset 16: filled in by the maker
selftest: .space 16                // offset 48
main:   adr x21, buffer
        mov w22, #0                // hatch open?
        adr x0, banner
        bl puts
        adr x0, version
        bl puts
        adr x0, newline
        bl puts
prompt: adr x0, ps
        bl puts
        mov x23, #0
key:    bl getc
        cmp w0, #13
        b.eq line
        cmp w0, #32
        b.lt key
        cmp x23, #60
        b.ge key
        strb w0, [x21, x23]
        add x23, x23, #1
        bl putc
        b key
line:   strb wzr, [x21, x23]
        adr x0, newline
        bl puts
        cbz x23, prompt
        adr x1, c_id
        bl same
        cbnz w0, do_id
        adr x1, c_version
        bl same
        cbnz w0, do_version
        adr x1, c_status
        bl same
        cbnz w0, do_status
        adr x1, c_open
        bl same
        cbnz w0, do_open
        adr x1, c_close
        bl same
        cbnz w0, do_close
        adr x1, c_reboot
        bl same
        cbnz w0, do_reboot
        adr x0, what
        bl puts
        b prompt
do_id:  adr x0, s_id
        bl puts
        ldr x0, =SERIAL
        bl puts
        adr x0, newline
        bl puts
        b prompt
do_version:
        adr x0, s_version
        bl puts
        adr x0, version
        bl puts
        adr x0, newline
        bl puts
        b prompt
do_status:
        adr x0, s_closed
        cbz w22, 3f
        adr x0, s_open
3:      bl puts
        adr x0, s_selftest
        bl puts
        adr x0, selftest
        bl puts
        adr x0, newline
        bl puts
        b prompt
do_open: mov w22, #1
        b hatch
do_close: mov w22, #0
hatch:  ldr x0, =HATCH
        str w22, [x0]
        b prompt
do_reboot:
        adr x0, s_reboot
        bl puts
4:      ldr w1, [x24, #0x18]       // let the line run empty
        tst w1, #8
        b.ne 4b
        ldr w0, =0x84000009        // PSCI SYSTEM_RESET
        hvc #0
        b .
same:   mov x2, x21                // is the line in the buffer the text at x1?
5:      ldrb w3, [x2], #1
        ldrb w4, [x1], #1
        cmp w3, w4
        b.ne 6f
        cbnz w3, 5b
        mov w0, #1
        ret
6:      mov w0, #0
        ret
puts:   mov x9, x30
        mov x10, x0
7:      ldrb w0, [x10], #1
        cbz w0, 8f
        bl putc
        b 7b
8:      mov x30, x9
        ret
putc:   mov x24, #UART
9:      ldr w1, [x24, #0x18]
        tst w1, #0x20
        b.ne 9b
        str w0, [x24]
        ret
getc:   mov x24, #UART
10:     ldr w1, [x24, #0x18]
        tst w1, #0x10
        b.ne 10b
        ldr w0, [x24]
        and w0, w0, #0xff
        ret
banner: .asciz "\r\nBilge pump controller "
newline: .asciz "\r\n"
ps:     .asciz "pump> "
what:   .asciz "what?\r\n"
c_id:   .asciz "id"
c_version: .asciz "version"
c_status: .asciz "status"
c_open: .asciz "open"
c_close: .asciz "close"
c_reboot: .asciz "reboot"
s_id:   .asciz "type=acme-pump hardware=1.2 "
s_version: .asciz "version="
s_open: .asciz "hatch=open"
s_closed: .asciz "hatch=closed"
s_selftest: .asciz " selftest="
s_reboot: .asciz "restarting\r\n"
        .balign 16
        .ltorg
buffer: .space 64
