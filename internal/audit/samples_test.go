package audit

import "time"

var sampleTime = time.Date(2026, 11, 22, 15, 47, 0, 123456000, time.UTC)

// sampleID returns the n-th of a series of ids.
func sampleID(n int) ID {
	return ID{0x5b, 0x1e, 0, 0, 0, 0, 0x40, 0, 0x80, 0, 0, 0, 0, 0, byte(n >> 8), byte(n)}
}

func sampleRoleSession() Identity {
	return Identity{
		Type:        "AssumedRole",
		PrincipalID: "AROAIOSFODNN7EXAMPLE1:example-session",
		ARN:         "arn:aws:sts::123456789012:assumed-role/example-role/example-session",
		AccountID:   "123456789012",
		AccessKeyID: "ASIAIOSFODNN7EXAMPLE",
		Session: Session{
			Issuer: Issuer{
				Type:        "Role",
				PrincipalID: "AROAIOSFODNN7EXAMPLE1",
				ARN:         "arn:aws:iam::123456789012:role/example-role",
				AccountID:   "123456789012",
				UserName:    "example-role",
			},
			Created:        sampleTime.Add(-time.Minute),
			SourceIdentity: "alice",
		},
	}
}

func sampleAssumeRole() *Event {
	return &Event{
		ID:              sampleID(1),
		Time:            sampleTime,
		RequestID:       "c6104cbe-af31-11e0-8154-cbc7ccf896c7",
		Source:          "sts.amazonaws.com",
		Name:            "AssumeRole",
		Region:          "us-east-1",
		SourceIPAddress: "192.0.2.10",
		UserAgent:       "aws-cli/2.31.0 md/awscrt#0.27.6 exec-env/\"CI\"",
		Identity: Identity{
			Type:        "IAMUser",
			PrincipalID: "AIDAIOSFODNN7EXAMPLE1",
			ARN:         "arn:aws:iam::123456789012:user/alice",
			AccountID:   "123456789012",
			AccessKeyID: "AKIAIOSFODNN7EXAMPLE",
			UserName:    "alice",
		},
		RequestParameters: []Field{
			String("roleArn", "arn:aws:iam::123456789012:role/example-role"),
			String("roleSessionName", "example-session"),
			Int("durationSeconds", 3600),
			Strings("transitiveTagKeys", []string{"team"}),
			Objects("tags", [][]Field{{String("key", "team"), String("value", "blau-grün")}}),
		},
		ResponseElements: []Field{
			Object("credentials",
				String("accessKeyId", "ASIAIOSFODNN7EXAMPLE"),
				String("expiration", "Nov 22, 2026, 4:47:00 PM")),
			Object("assumedRoleUser",
				String("assumedRoleId", "AROAIOSFODNN7EXAMPLE1:example-session"),
				String("arn", "arn:aws:sts::123456789012:assumed-role/example-role/example-session")),
			Int("packedPolicySize", 3),
		},
		Decision: Allow,
		Checks: []Check{
			{Action: "sts:AssumeRole", Resource: "arn:aws:iam::123456789012:role/example-role", Decision: Allow, PolicyType: "resource"},
			{Action: "sts:TagSession", Resource: "arn:aws:iam::123456789012:role/example-role", Decision: Allow, PolicyType: "resource"},
		},
		ClockOffset:        time.Hour,
		Resources:          []Resource{{ARN: "arn:aws:iam::123456789012:role/example-role", AccountID: "123456789012", Type: "AWS::IAM::Role"}},
		ReadOnly:           true,
		RecipientAccountID: "123456789012",
		TLS:                TLS{Version: "TLSv1.3", CipherSuite: "TLS_AES_128_GCM_SHA256", Host: "sts.example.org"},
	}
}

func sampleGetObject() *Event {
	return &Event{
		ID:              sampleID(2),
		Time:            sampleTime,
		RequestID:       "W1FD9W8N56T5NYSS",
		Source:          "s3.amazonaws.com",
		Name:            "GetObject",
		Region:          "us-east-1",
		SourceIPAddress: "192.0.2.10",
		UserAgent:       "Boto3/1.40.0",
		Identity:        sampleRoleSession(),
		ErrorCode:       "AccessDenied",
		ErrorMessage:    "User is not authorized to perform: s3:GetObject",
		RequestParameters: []Field{
			String("bucketName", "example-bucket"),
			String("key", "reports/\x1b[2J\xff.txt"),
			String("Host", "127.0.0.1:8420"),
		},
		Additional: []Field{
			String("SignatureVersion", "SigV4"),
			String("AuthenticationMethod", "AuthHeader"),
			Int("bytesTransferredOut", 243),
			Bool("viaTrustedProxy", false),
		},
		Decision: ExplicitDeny,
		Checks: []Check{
			{Action: "s3:GetObject", Resource: "arn:aws:s3:::example-bucket/reports/x", Decision: ExplicitDeny, PolicyType: "session"},
		},
		Resources: []Resource{
			{Type: "AWS::S3::Object", ARN: "arn:aws:s3:::example-bucket/reports/x"},
			{AccountID: "123456789012", Type: "AWS::S3::Bucket", ARN: "arn:aws:s3:::example-bucket"},
		},
		ReadOnly:           true,
		DataEvent:          true,
		RecipientAccountID: "123456789012",
	}
}

func sampleIntent(n int) *Intent {
	return &Intent{
		ID:        sampleID(n),
		Time:      sampleTime.Truncate(time.Second),
		RequestID: "request",
		Source:    "iam.amazonaws.com",
		Name:      "CreateRole",
		Region:    "us-east-1",
		Identity:  Identity{Type: "IAMUser", ARN: "arn:aws:iam::123456789012:user/alice", UserName: "alice"},
		Resources: []Resource{{ARN: "arn:aws:iam::123456789012:role/new", AccountID: "123456789012", Type: "AWS::IAM::Role"}},
		Decision:  Allow,
	}
}
