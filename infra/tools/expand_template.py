"""Prints a SAM template as the CloudFormation template that SAM makes of it."""

import json
import sys

import boto3
from samcli.yamlhelper import yaml_parse
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator


def expand(template):
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            # Where a deployment would have put the archive.
            resource["Properties"]["CodeUri"] = "s3://bucket/key"
    session = boto3.Session(region_name="us-east-1")
    return Translator({}, Parser(), boto_session=session).translate(template, {})


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:
        json.dump(expand(yaml_parse(file.read())), sys.stdout, indent=2)
