# For botocore before 1.31: what newer releases do by themselves, a default of AWS_ENDPOINT_URL for every client.
import os

import botocore.session

create_client = botocore.session.Session.create_client


def create_client_there(self, service_name, *args, **kwargs):
    if len(args) < 5 and not kwargs.get("endpoint_url") and os.environ.get("AWS_ENDPOINT_URL"):
        kwargs["endpoint_url"] = os.environ["AWS_ENDPOINT_URL"]
    return create_client(self, service_name, *args, **kwargs)


botocore.session.Session.create_client = create_client_there
