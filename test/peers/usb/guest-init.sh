#!/bin/busybox sh
# The first process of the USB guest. Kernel command line: vm.cmd=PROGRAM (below the host's root), vm.tools=FOLDER.
export PATH=/bin:/sbin
mount -t proc proc /proc; mount -t sysfs sysfs /sys; mount -t devtmpfs dev /dev
for word in $(cat /proc/cmdline); do
  case $word in vm.*) name=${word#vm.}; eval "vm_${name%%=*}='${name#*=}'";; esac
done
for module in virtio_pci 9pnet_virtio 9p vhci-hcd xhci-pci cdc-acm ftdi_sio; do modprobe $module || echo "no module $module"; done
R=/root
mount -t 9p -o trans=virtio,version=9p2000.L,ro,cache=loose,msize=524288 root $R || echo 'no root'
mount -t proc proc $R/proc; mount -t sysfs sysfs $R/sys; mount -t devtmpfs dev $R/dev; mount -t tmpfs run $R/run
mkdir -p $R/run/out $R/run/tmp $R/dev/pts
mount -t devpts devpts $R/dev/pts
mount -t 9p -o trans=virtio,version=9p2000.L,rw,cache=none,msize=262144 out $R/run/out
ip link set lo up
dmesg -n 1
# Hot-plug events come from udev, not from the kernel; what a port is comes from its rules, and is asked by udevadm.
mkdir -p $R/run/udev $R/run/bin
ln -s $vm_tools/lib/udev/rules.d $R/run/udev/rules.d
printf '#!/bin/sh\nLD_LIBRARY_PATH=%s exec %s "$@"\n' $vm_tools/lib/x86_64-linux-gnu:$vm_tools/usr/lib/x86_64-linux-gnu \
  $vm_tools/bin/udevadm >$R/run/bin/udevadm
chmod 755 $R/run/bin/udevadm
export LD_LIBRARY_PATH=$vm_tools/lib/x86_64-linux-gnu:$vm_tools/usr/lib/x86_64-linux-gnu
chroot $R $vm_tools/lib/systemd/systemd-udevd --daemon
unset LD_LIBRARY_PATH
export TMPDIR=/run/tmp HOME=/run/tmp NO_COLOR=1 PATH=/run/bin:/usr/sbin:/usr/bin:/sbin:/bin
chroot $R $vm_cmd </dev/null
echo $? >$R/run/out/rc
sync
# A task that waits in the USB core can hold an orderly power-off for ever.
( sleep 3; echo b >/proc/sysrq-trigger ) &
/bin/busybox poweroff -f
