// Package audit owns the record: one line of JSON in CloudTrail's format for
// each request, in files below one directory that are only ever appended to.
//
// The one idea needed to read it is the group write. Callers of [Log.Record]
// put their encoded lines into a shared batch; the first caller of a batch
// leads it, waits for the write before it to end, and hands everything that
// has gathered meanwhile to the kernel in a single write. A caller who is
// alone leads a batch of one: two uncontended locks and a write, with no other
// goroutine involved. Record returns when the kernel has the line, so a crash
// of the process loses nothing that was answered; a background goroutine
// syncs the files, so a loss of power costs at most the last second.
//
// A change of state is announced by [Log.Intent] before it runs and closed by
// the Record that carries the same event id. [Open] reports what a crash left
// unclosed.
//
// # Files
//
//	audit.jsonl                               being written
//	audit-20261122T154700.123456Z.jsonl       rotated at that time (UTC)
//	audit.next                                a rotation that was cut off; removed by Open
//	audit.reserve                             preallocated, given up when the disk is full
//
// A name sorts by time. A line is never split over two files and a file ends
// with a newline, unless the disk failed so that a half line could not be cut
// off: then the file is left as it is and nothing follows the half line.
// Rotation copies the intents that are still open to the head of the new file,
// so that Open has to read one file only.
//
// # Lines
//
// Every line is one JSON object that begins with eventVersion, eventID and
// eventType. The field names are those of
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
// What is ours stands in additionalEventData. The values of eventType:
//
//	AwsApiCall                      a request and its outcome
//	RolecallIntent                  a change of state that is about to run
//	RolecallUnfinished              an intent that a crash left without an outcome
//	RolecallAuthenticationFailures  a count for one source address and minute
//
// # What is left to others
//
// The package decides nothing and hides nothing by itself: what it is given
// must be fit to be kept. As a second fence, a parameter with the name of a
// known secret is written as a placeholder. That only one process writes to a
// directory is seen to by whoever locks the data directory.
package audit
