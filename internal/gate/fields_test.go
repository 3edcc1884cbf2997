package gate

import (
	"reflect"
	"testing"

	"rolecall.dev/rolecall/internal/audit"
	"rolecall.dev/rolecall/internal/wire"
)

func TestFormFields(t *testing.T) {
	t.Parallel()
	pair := func(key, value string) []audit.Field {
		return []audit.Field{audit.String("key", key), audit.String("value", value)}
	}
	for _, row := range []struct {
		form string
		want []audit.Field
	}{
		{"Action=GetUser&Version=2010-05-08", nil},
		{"Action=GetUser&UserName=alice&X-Amz-Signature=s&TokenCode=1&Password=p", []audit.Field{audit.String("userName", "alice")}},
		{"Tags.member.2.Key=b&Tags.member.2.Value=&Tags.member.1.Value=1&Tags.member.1.Key=a&UserName=u",
			[]audit.Field{audit.Objects("tags", [][]audit.Field{pair("a", "1"), pair("b", "")}), audit.String("userName", "u")}},
		{"TagKeys.member.1=a&TagKeys.member.2=b", []audit.Field{audit.Strings("tagKeys", []string{"a", "b"})}},
		{"List.member.1.A=1&List.member.1.Deep.member.1.B=2", []audit.Field{audit.Objects("list", [][]audit.Field{{audit.String("a", "1")}})}},
		{"Password.member.1=p", nil},
	} {
		form, err := wire.ParseForm(row.form)
		if err != nil {
			t.Fatal(err)
		}
		if got := formFields(form.All(), []string{"Password"}); !reflect.DeepEqual(got, row.want) {
			t.Errorf("formFields(%s)\n got %v\nwant %v", row.form, got, row.want)
		}
	}
}
