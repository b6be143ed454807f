"""Fails if SAM adds a role to a template, or a policy to one, that is not in the list below.

Usage: python check_added_roles.py TEMPLATE EXPANDED. The template's own roles are held by tests: RolesTest, WorkerTemplateTest.
"""

import json
import sys

from samcli.yamlhelper import yaml_parse

POLICY = "arn:aws:iam::aws:policy/service-role/"
ADDED = {
    # By it CodeDeploy moves the functions' aliases and looks at the alarms of a canary. The policy is AWS's own for that; it
    # holds for each function of the account, which a role of ours need not, but only CodeDeploy can take it on.
    "CodeDeployServiceRole": {
        "principals": [{"Service": ["codedeploy.amazonaws.com"]}],
        "managed": [POLICY + "AWSCodeDeployRoleForLambda"],
        "own": [],
    },
}


def roles(template):
    return {
        name: resource["Properties"]
        for name, resource in template["Resources"].items()
        if resource["Type"] == "AWS::IAM::Role"
    }


def told(role):
    return {
        "principals": [statement["Principal"] for statement in role["AssumeRolePolicyDocument"]["Statement"]],
        "managed": role.get("ManagedPolicyArns", []),
        "own": role.get("Policies", []),
    }


def main(template, expanded):
    with open(template, encoding="utf-8") as file:
        ours = roles(yaml_parse(file.read()))
    with open(expanded, encoding="utf-8") as file:
        expanded = roles(json.load(file))
    added = {name: told(role) for name, role in expanded.items() if name not in ours}
    if added != ADDED:
        sys.exit(f"SAM adds other roles than check_added_roles.py lists: {json.dumps(added, indent=2)}")
    if changed := [name for name in ours if expanded[name] != ours[name]]:
        sys.exit(f"SAM changes {changed}: what tests say of them does not hold")


if __name__ == "__main__":
    main(*sys.argv[1:])
