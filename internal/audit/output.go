package audit

import "io"

// output is the file being written. Log.writing guards it.
type output struct {
	file  file
	size  int64 // of the whole lines in it
	limit int64 // size beyond which it is rotated
	dirty bool  // written to since the last sync

	damaged    error // why nothing may follow; nil when all is well
	torn       bool  // half a line stands after size
	syncFailed bool  // the kernel may have dropped what was written
}

// append writes p at the end, or nothing: a part is cut off again. If that
// fails too, the output is damaged.
func (o *output) append(p []byte) error {
	n, err := o.file.Write(p)
	if err == nil && n < len(p) {
		err = io.ErrShortWrite
	}
	if err == nil {
		o.size += int64(n)
		o.dirty = true
		return nil
	}
	if cutErr := o.cutBack(); cutErr != nil {
		o.torn, o.damaged = true, cutErr
	}
	return err
}

func (o *output) cutBack() error {
	if err := o.file.Truncate(o.size); err != nil {
		return err
	}
	o.torn, o.damaged = false, nil
	return nil
}

func (o *output) failSync(err error) {
	o.syncFailed, o.damaged = true, err
}
