package store

import (
	"context"
	"log/slog"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
)

// zapTo returns the logger that etcd wants, which hands errors, and nothing
// less, to an slog logger. etcd's reports of what it is doing are for etcd's
// operators. A nil logger stands for the default one: what a member says before it
// ends the process must not be lost.
func zapTo(logger *slog.Logger) *zap.Logger {
	if logger == nil {
		logger = slog.Default()
	}
	return zap.New(slogCore{handler: logger.Handler()})
}

// newMemberNoise is what a new member reports at error level until its first
// entries have reached its database, a moment later. It then tries again, and
// nothing depends on it.
const newMemberNoise = "failed to update storage version"

// slogCore is a zapcore.Core on an slog handler.
type slogCore struct {
	handler slog.Handler
}

func (c slogCore) Enabled(level zapcore.Level) bool { return level >= zapcore.ErrorLevel }

func (c slogCore) With(fields []zapcore.Field) zapcore.Core {
	return slogCore{handler: c.handler.WithAttrs(attrs(fields))}
}

func (c slogCore) Check(e zapcore.Entry, checked *zapcore.CheckedEntry) *zapcore.CheckedEntry {
	if c.Enabled(e.Level) && e.Message != newMemberNoise {
		return checked.AddCore(e, c)
	}
	return checked
}

func (c slogCore) Write(e zapcore.Entry, fields []zapcore.Field) error {
	record := slog.NewRecord(e.Time, slog.LevelError, "store: "+e.Message, 0)
	record.AddAttrs(attrs(fields)...)
	return c.handler.Handle(context.Background(), record)
}

func (c slogCore) Sync() error { return nil }

func attrs(fields []zapcore.Field) []slog.Attr {
	encoder := zapcore.NewMapObjectEncoder()
	for _, f := range fields {
		f.AddTo(encoder)
	}
	list := make([]slog.Attr, 0, len(encoder.Fields))
	for key, value := range encoder.Fields {
		list = append(list, slog.Any(key, value))
	}
	return list
}
