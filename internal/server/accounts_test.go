package server

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// The record of CreateAccount says which account came to be, and neither its
// name nor its address, which the model holds to be sensitive.
func TestRecordOfANewAccount(t *testing.T) {
	t.Parallel()
	w := start(t)
	organizations := func(operation, body string) reply {
		r := w.do(call{service: "organizations", body: body, header: map[string]string{
			"X-Amz-Target": "AWSOrganizationsV20161128." + operation, "Content-Type": "application/x-amz-json-1.1",
		}})
		if r.Status != http.StatusOK {
			t.Fatalf("%s: %d %s", operation, r.Status, r.Body)
		}
		return r
	}
	organizations("CreateOrganization", "{}")
	answer := organizations("CreateAccount", `{"Email":"payroll@example.com","AccountName":"payroll","Tags":[{"Key":"cost","Value":"7"}]}`)
	for _, e := range w.events() {
		if strings.Contains(fmt.Sprint(e), "payroll") {
			t.Errorf("the record names the account: %v", e)
		}
		if e["eventName"] != "CreateAccount" || e["eventType"] != "AwsApiCall" {
			continue
		}
		if want := "map[accountName:**** email:**** tags:[map[key:cost value:7]]]"; fmt.Sprint(e["requestParameters"]) != want {
			t.Errorf("requestParameters are %v, want %s", e["requestParameters"], want)
		}
		elements, _ := e["responseElements"].(map[string]any)
		status, _ := elements["createAccountStatus"].(map[string]any)
		id, _ := status["accountId"].(string)
		if status["state"] != "SUCCEEDED" || len(id) != 12 || !strings.Contains(answer.Body, `"AccountId":"`+id+`"`) {
			t.Errorf("responseElements are %v; the answer was %s", e["responseElements"], answer.Body)
		}
		return
	}
	t.Error("CreateAccount is not in the record")
}
