"""Makes the REST API of an OpenAPI description, in the place of the one of the same name, and prints its id.

`gateway.py <description> <stage>`, with ACCOUNT and AWS's own variables set. Resource by resource: of LocalStack and
MiniStack only the first imports a description, and so both are served by the same steps.
"""

import json
import os
import string
import sys

# The one that the AWS command line brings along, which localstack/install.sh pins.
import awscli.botocore.session

ID = "yemae"


def main(description, stage):
    places = {"region": os.environ["AWS_REGION"], "account": os.environ["ACCOUNT"]}
    with open(description, encoding="utf-8") as file:
        described = json.loads(string.Template(file.read()).substitute(places))
    gateway = awscli.botocore.session.get_session().create_client("apigateway", region_name=places["region"])

    name = described["info"]["title"]
    for old in gateway.get_rest_apis(limit=500)["items"]:
        if old["name"] == name:
            gateway.delete_rest_api(restApiId=old["id"])
    # So its address stays the same: the first is LocalStack's word for it, the second MiniStack's.
    api = gateway.create_rest_api(name=name, tags={"_custom_id_": ID, "ms-custom-id": ID})["id"]

    resources = {"/": gateway.get_resources(restApiId=api)["items"][0]["id"]}
    for path, item in described["paths"].items():
        resource = resource_of(path, resources, gateway, api)
        integration = item["x-amazon-apigateway-any-method"]["x-amazon-apigateway-integration"]
        method = {"restApiId": api, "resourceId": resource, "httpMethod": "ANY"}
        gateway.put_method(**method, authorizationType="NONE")
        gateway.put_integration(
            **method,
            type=integration["type"].upper(),
            integrationHttpMethod=integration["httpMethod"],
            uri=integration["uri"],
        )
    gateway.create_deployment(restApiId=api, stageName=stage)
    print(api)


def resource_of(path, resources, gateway, api):
    """The resource of a path; what is missing on the way to it is made."""
    if path not in resources:
        parent, _, part = path.rpartition("/")
        above = resource_of(parent or "/", resources, gateway, api)
        made = gateway.create_resource(restApiId=api, parentId=above, pathPart=part)
        resources[path] = made["id"]
    return resources[path]


if __name__ == "__main__":
    main(*sys.argv[1:])
